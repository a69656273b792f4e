"""What a visitor's page holds: elements by their place and widgets' values, as in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates

Path = tuple[int, ...]


class Placed(NamedTuple):
    """An element, which script run drew it last, in which fragment, and of which script."""

    kind: str
    proto: Any
    run_id: str
    fragment_id: str
    script_hash: str


class Elements:
    """The elements of one tab by their place on the page, and what its widgets say."""

    def __init__(self) -> None:
        self._placed: dict[Path, Placed] = {}
        self._values: dict[str, WidgetState] = {}

    def take(self, message: ForwardMsg, run_id: str) -> Placed | None:
        """Put the element a script run drew in its place; None when it is a container."""
        if message.delta.WhichOneof("type") == "new_transient":
            return None
        path, metadata = tuple(message.metadata.delta_path), message.metadata
        if message.delta.WhichOneof("type") == "add_block":
            self._placed.pop(path, None)
            return None
        kind = message.delta.new_element.WhichOneof("type") or ""
        proto = getattr(message.delta.new_element, kind) if kind else None
        placed = Placed(
            kind,
            proto,
            run_id,
            message.delta.fragment_id,
            metadata.active_script_hash,
        )
        self._placed[path] = placed
        self._keep_value(placed)
        return placed

    def drop_stale(self, run_id: str, fragment_ids: list[str]) -> None:
        """Forget what the script run that has just finished did not draw again."""
        self._placed = {
            path: placed
            for path, placed in self._placed.items()
            if placed.run_id == run_id
            or (bool(fragment_ids) and placed.fragment_id not in fragment_ids)
        }

    def keep_only_frame(self, script_hash: str) -> None:
        """Forget the page on leaving it: what stays was drawn by the entry script."""
        self._placed = {
            path: placed
            for path, placed in self._placed.items()
            if placed.script_hash == script_hash
        }

    def of_kind(self, *kinds: str) -> Iterator[Any]:
        """The elements of these kinds, in the order of the page."""
        for _, placed in sorted(self._placed.items()):
            if placed.kind in kinds:
                yield placed.proto

    def labelled(self, kind: str, label: str) -> Any:
        """The widget of this kind with this label.

        Raises:
            LookupError: the page has none.
        """
        for proto in self.of_kind(kind):
            if proto.label == label:
                return proto
        raise LookupError(f"there is no {kind} {label!r} on the page")

    def set(self, state: WidgetState) -> None:
        """Give a widget the value somebody chose."""
        self._values[state.id] = state

    def widget_states(self, pressed: str = "") -> WidgetStates:
        """What a browser sends of all widgets on the page, and of a button that was `pressed`."""
        here = {getattr(placed.proto, "id", "") for placed in self._placed.values()}
        states = [state for name, state in self._values.items() if name in here]
        if pressed:
            states.append(WidgetState(id=pressed, trigger_value=True))
        return WidgetStates(widgets=states)

    def _keep_value(self, placed: Placed) -> None:
        """A widget begins with what the script says, and the script may set it again."""
        read = _FIRST_VALUES.get(placed.kind)
        if read is None or (placed.proto.id in self._values and not placed.proto.set_value):
            return
        state = WidgetState(id=placed.proto.id)
        read(placed.proto, state)
        self._values[placed.proto.id] = state


def problem(placed: Placed) -> str | None:
    """What an element says went wrong, if it does."""
    if placed.kind == "exception":
        return f"{placed.proto.type}: {placed.proto.message}"
    if placed.kind == "alert" and placed.proto.format == Alert.Format.ERROR:
        return str(placed.proto.body)
    return None


def _plain(name: str, value: str) -> Any:
    """Reads widgets whose value is one of protobuf's own, with a default that may be missing."""

    def read(proto: Any, state: WidgetState) -> None:
        if proto.set_value:
            setattr(state, name, proto.value)
        elif value == "bool" or proto.HasField("default"):
            setattr(state, name, proto.default)

    return read


def _selectbox(proto: Any, state: WidgetState) -> None:
    if proto.set_value:
        if proto.HasField("raw_value"):
            state.string_value = proto.raw_value
    elif proto.HasField("default"):
        state.string_value = proto.options[proto.default]


def _several(proto: Any, state: WidgetState) -> None:
    options = [getattr(option, "content", option) for option in proto.options]
    chosen = proto.raw_values if proto.set_value else [options[i] for i in proto.default]
    state.string_array_value.data[:] = chosen


def _slider(proto: Any, state: WidgetState) -> None:
    state.double_array_value.data[:] = proto.value if proto.set_value else proto.default


_FIRST_VALUES = {
    "checkbox": _plain("bool_value", "bool"),
    "number_input": _plain("double_value", "number"),
    "text_input": _plain("string_value", "text"),
    "selectbox": _selectbox,
    "multiselect": _several,
    "button_group": _several,
    "slider": _slider,
}
