import { Bell, Circle, Coffee, Pencil, Phone, TriangleAlert } from '@lucide/vue'
import type { FunctionalComponent } from 'vue'
import type { AgentLive } from '../../contract/console.ts'
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

/**
 * The state as people see it: `problem` for one who is logged in with a telephone that cannot ring, `talking` for one who is
 * free for the queue but in a call of their own.
 */
export function shownState({ state, device, loggedIn }: Pick<AgentLive, 'state' | 'device' | 'loggedIn'>): Shown {
  if (state !== 'available') return state
  if (device === 'busy') return 'talking'
  return loggedIn.length > 0 && device === 'gone' ? 'problem' : state
}
