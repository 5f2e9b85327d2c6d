import { Bell, Circle, Coffee, Pencil, Phone, TriangleAlert } from '@lucide/vue'
import type { FunctionalComponent } from 'vue'
import type { AgentState } from '../../core/routing/messages.ts'

export type Shown = AgentState | 'problem'

/** One state, one icon, everywhere; its colour is `--state-NAME` in tokens.css, its word `state.NAME`. */
export const stateIcons: Readonly<Record<Shown, FunctionalComponent>> = {
  available: Circle,
  ringing: Bell,
  talking: Phone,
  wrapUp: Pencil,
  paused: Coffee,
  loggedOut: Circle,
  problem: TriangleAlert,
}
