// Cards have one size. The canvas can therefore place edges and decide what is in view without measuring any card, which is
// what keeps a thousand steps smooth.

/** Width of a step's card, in canvas pixels. */
export const NODE_WIDTH = 240
/** Height of a step's card. */
export const NODE_HEIGHT = 64
/** Free space between neighbours of one row. */
export const GAP_X = 56
/** Free space between two rows: enough for a `+` and the names of ports. */
export const GAP_Y = 80
/** Positions snap to this grid. */
export const GRID = 8
/** Diameter of the dot that a connection is drawn from. */
export const PORT_SIZE = 10
