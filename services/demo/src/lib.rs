//! The live demo: a page on which a visitor types or speaks and watches the avatar sign.
