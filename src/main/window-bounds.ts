/** In pixels of the desktop, which displays share. */
export interface Bounds {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export const smallest = { width: 360, height: 480 } as const
const preset = { width: 1280, height: 800 }

/** As much of a title bar as must be on a display to be caught by the mouse. */
const grip = { width: 100, height: 30 }

/**
 * Where a window opens: where it was, unless that display is gone; never smaller than `smallest` nor larger than the display.
 * Without a place: in the middle.
 */
export function openingBounds(kept: Bounds | undefined, displays: readonly Bounds[]): Partial<Bounds> {
  if (kept === undefined) return preset
  const display = displays.find(
    (each) => overlap(kept.x, kept.width, each.x, each.width) >= grip.width && inside(kept.y, each),
  )
  if (display === undefined) return preset
  return {
    x: kept.x,
    y: kept.y,
    width: within(kept.width, smallest.width, display.width),
    height: within(kept.height, smallest.height, display.height),
  }
}

const overlap = (x: number, width: number, otherX: number, otherWidth: number) =>
  Math.min(x + width, otherX + otherWidth) - Math.max(x, otherX)

const inside = (y: number, display: Bounds) => y >= display.y && y + grip.height <= display.y + display.height

const within = (value: number, least: number, most: number) => Math.max(least, Math.min(value, most))
