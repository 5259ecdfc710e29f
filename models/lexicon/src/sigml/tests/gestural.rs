//! Gestural SiGML: elements and attributes, and the parts of the form they must yield.
