//! Round trips and refusals of sign forms.
