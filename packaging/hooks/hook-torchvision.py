"""torchvision's compiled parts, whatever this version calls them.

The stock hook asks for `_C` and `image` by name; since 0.29 they are `_C_stable` and
`image_stable`, and without them `import torchvision` ends in "operator torchvision::nms does not
exist". With CPU torch they cannot be loaded and `inference` declares the two operators instead;
the files are small, so one hook serves both forms.
"""

from PyInstaller.utils.hooks import collect_dynamic_libs

binaries = collect_dynamic_libs("torchvision", search_patterns=["*.so", "*.dll", "*.dylib"])
module_collection_mode = "pyz+py"
