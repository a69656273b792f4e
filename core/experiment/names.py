"""Names of classes and features, in the order of the published files: label 0 first."""

from __future__ import annotations

FASHION_CLASSES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
CIFAR10_CLASSES = (
    "Airplane",
    "Automobile",
    "Bird",
    "Cat",
    "Deer",
    "Dog",
    "Frog",
    "Horse",
    "Ship",
    "Truck",
)
CIFAR100_COARSE_CLASSES = (
    "Aquatic mammals",
    "Fish",
    "Flowers",
    "Food containers",
    "Fruit and vegetables",
    "Household electrical devices",
    "Household furniture",
    "Insects",
    "Large carnivores",
    "Large man-made outdoor things",
    "Large natural outdoor scenes",
    "Large omnivores and herbivores",
    "Medium mammals",
    "Non-insect invertebrates",
    "People",
    "Reptiles",
    "Small mammals",
    "Trees",
    "Vehicles 1",
    "Vehicles 2",
)
_FINE = """
Apple Aquarium_fish Baby Bear Beaver Bed Bee Beetle Bicycle Bottle Bowl Boy Bridge Bus Butterfly
Camel Can Castle Caterpillar Cattle Chair Chimpanzee Clock Cloud Cockroach Couch Crab Crocodile
Cup Dinosaur Dolphin Elephant Flatfish Forest Fox Girl Hamster House Kangaroo Keyboard Lamp
Lawn_mower Leopard Lion Lizard Lobster Man Maple_tree Motorcycle Mountain Mouse Mushroom
Oak_tree Orange Orchid Otter Palm_tree Pear Pickup_truck Pine_tree Plain Plate Poppy Porcupine
Possum Rabbit Raccoon Ray Road Rocket Rose Sea Seal Shark Shrew Skunk Skyscraper Snail Snake
Spider Squirrel Streetcar Sunflower Sweet_pepper Table Tank Telephone Television Tiger Tractor
Train Trout Tulip Turtle Wardrobe Whale Willow_tree Wolf Woman Worm
"""
CIFAR100_FINE_CLASSES = tuple(name.replace("_", " ") for name in _FINE.split())
CANCER_FEATURES = tuple(
    f"{part} {feature}"
    for part in ("mean", "error of", "worst")
    for feature in (
        "radius",
        "texture",
        "perimeter",
        "area",
        "smoothness",
        "compactness",
        "concavity",
        "concave points",
        "symmetry",
        "fractal dimension",
    )
)

WINE_FEATURES = (
    "alcohol",
    "malic acid",
    "ash",
    "alcalinity of ash",
    "magnesium",
    "total phenols",
    "flavanoids",
    "nonflavanoid phenols",
    "proanthocyanins",
    "color intensity",
    "hue",
    "OD280/OD315",
    "proline",
)

BOSTON_FEATURES = (
    "CRIM",
    "ZN",
    "INDUS",
    "CHAS",
    "NOX",
    "RM",
    "AGE",
    "DIS",
    "RAD",
    "TAX",
    "PTRATIO",
    "B",
    "LSTAT",
)
REUTERS_CLASSES = (
    "cocoa",
    "grain",
    "veg-oil",
    "earn",
    "acq",
    "wheat",
    "copper",
    "housing",
    "money-supply",
    "coffee",
    "sugar",
    "trade",
    "reserves",
    "ship",
    "cotton",
    "carcass",
    "crude",
    "nat-gas",
    "cpi",
    "money-fx",
    "interest",
    "gnp",
    "meal-feed",
    "alum",
    "oilseed",
    "gold",
    "tin",
    "strategic-metal",
    "livestock",
    "retail",
    "ipi",
    "iron-steel",
    "rubber",
    "heat",
    "jobs",
    "lei",
    "bop",
    "zinc",
    "orange",
    "pet-chem",
    "dlr",
    "gas",
    "silver",
    "wpi",
    "hog",
    "lead",
)
