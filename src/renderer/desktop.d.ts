import type { Desktop } from '../contract/desktop.ts'

declare global {
  interface Window {
    /** There in the desktop program alone. */
    readonly desktop?: Desktop
  }
}
