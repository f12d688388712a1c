"""The pure floor: counts go in, every figure of a periode comes out. No clock, file, network or float."""
