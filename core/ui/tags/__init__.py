"""The product's components as template tags, one module for each part of a page; `core.templatetags.ui` is the library of them all."""
