import type { Component } from 'vue'
import type { Role } from '../../contract/console.ts'
import type { SectionName } from './route-of.ts'

/**
 * The sections of the supervisor's console, in the order of their menu.
 *
 * To add one: make its page in a folder here (`hours/HoursPage.vue`), add a line below, and its word as
 * `supervisor.section.NAME` in both languages if it has none. That is all: the address, the menu and the rights follow.
 *
 * - A page of a group number gets the prop `group: GroupNumber`, which is the draft's: it changes with every proposal.
 *   A page of the company gets no props.
 * - It reads `useDraftStore().configuration`, and changes it by `propose(...edits)`; the bar below every page then shows
 *   the change in words with "Spara" and "Ångra". What must count at once is `saveNow`, or `apply`.
 * - What is live (who is logged in, calls) is in `useConsoleStore().live`; other questions are asked by `useAdministration`.
 * - Its root is one element; the shell gives the padding and the scrolling.
 */
export interface Section {
  readonly name: SectionName
  readonly of: 'groupNumber' | 'company'
  /** After the address of the group number or company; empty: where one arrives. */
  readonly path: string
  /** `supervisor`: an admin too. */
  readonly needs: Extract<Role, 'supervisor' | 'admin'>
  /** What is edited there is what callers meet: "What does the caller hear?" can be asked beside it. */
  readonly meets?: true
  readonly component: () => Promise<{ readonly default: Component }>
}

export const sections: readonly Section[] = [
  {
    name: 'overview',
    of: 'groupNumber',
    path: '',
    needs: 'supervisor',
    component: () => import('./overview/OverviewPage.vue'),
  },
  {
    name: 'agents',
    of: 'groupNumber',
    path: 'agents',
    needs: 'supervisor',
    component: () => import('./agents/AgentsPage.vue'),
  },
  {
    name: 'hours',
    of: 'groupNumber',
    path: 'hours',
    needs: 'supervisor',
    meets: true,
    component: () => import('./hours/HoursPage.vue'),
  },
  {
    name: 'messages',
    of: 'groupNumber',
    path: 'messages',
    needs: 'supervisor',
    meets: true,
    component: () => import('./messages/MessagesPage.vue'),
  },
  {
    name: 'settings',
    of: 'groupNumber',
    path: 'settings',
    needs: 'supervisor',
    meets: true,
    component: () => import('./settings/SettingsPage.vue'),
  },
  {
    name: 'monitor',
    of: 'groupNumber',
    path: 'monitor',
    needs: 'supervisor',
    component: () => import('./monitor/MonitorPage.vue'),
  },
  {
    name: 'missed',
    of: 'groupNumber',
    path: 'missed',
    needs: 'supervisor',
    component: () => import('./missed/MissedPage.vue'),
  },
  {
    name: 'calls',
    of: 'groupNumber',
    path: 'calls',
    needs: 'supervisor',
    component: () => import('./calls/CallsPage.vue'),
  },
  {
    name: 'check',
    of: 'groupNumber',
    path: 'check',
    needs: 'supervisor',
    component: () => import('./check/CheckPage.vue'),
  },
  {
    name: 'history',
    of: 'groupNumber',
    path: 'history',
    needs: 'supervisor',
    component: () => import('./history/HistoryPage.vue'),
  },

  {
    name: 'overview',
    of: 'company',
    path: '',
    needs: 'supervisor',
    component: () => import('./overview/NumbersPage.vue'),
  },
  {
    name: 'company',
    of: 'company',
    path: 'company',
    needs: 'admin',
    component: () => import('./company/CompanyPage.vue'),
  },
  {
    name: 'messages',
    of: 'company',
    path: 'messages',
    needs: 'admin',
    component: () => import('./messages/MessagesPage.vue'),
  },
  {
    name: 'monitor',
    of: 'company',
    path: 'monitor',
    needs: 'supervisor',
    component: () => import('./monitor/MonitorPage.vue'),
  },
  {
    name: 'missed',
    of: 'company',
    path: 'missed',
    needs: 'supervisor',
    component: () => import('./missed/MissedPage.vue'),
  },
  {
    name: 'calls',
    of: 'company',
    path: 'calls',
    needs: 'supervisor',
    component: () => import('./calls/CallsPage.vue'),
  },
  {
    name: 'check',
    of: 'company',
    path: 'check',
    needs: 'supervisor',
    component: () => import('./check/CheckPage.vue'),
  },
  {
    name: 'history',
    of: 'company',
    path: 'history',
    needs: 'supervisor',
    component: () => import('./history/HistoryPage.vue'),
  },
  {
    name: 'destinations',
    of: 'company',
    path: 'destinations',
    needs: 'admin',
    component: () => import('./destinations/DestinationsPage.vue'),
  },
  {
    name: 'accounts',
    of: 'company',
    path: 'accounts',
    needs: 'admin',
    component: () => import('./accounts/AccountsPage.vue'),
  },
]

export const maySee = ({ needs }: Section, roles: readonly Role[]) =>
  roles.includes('admin') || (needs === 'supervisor' && roles.includes('supervisor'))
