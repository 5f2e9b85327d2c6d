import { createRouter, createWebHistory } from 'vue-router'
import type { Place } from './shell/places.ts'
import SignInPage from './sign-in/SignInPage.vue'
import DeskPage from './desk/DeskPage.vue'
import { routeOf } from './supervisor/route-of.ts'
import { sections } from './supervisor/sections.ts'

declare module 'vue-router' {
  interface RouteMeta {
    /** The place a route is a page of, where it has another name. */
    place?: Place
  }
}

/** Who may see what is decided in App.vue, where it is known who is signed in. */
export function createRoutes() {
  return createRouter({
    history: createWebHistory(),
    routes: [
      { path: '/sign-in', name: 'signIn', component: SignInPage },
      { path: '/review', name: 'review', component: () => import('./review/ReviewPage.vue') },
      { path: '/desk', name: 'desk', component: DeskPage },
      {
        path: '/configuration/:group?',
        name: 'configuration',
        component: () => import('./configuration/ConfigurationPage.vue'),
      },
      { path: '/admin', name: 'admin', redirect: { name: routeOf({ name: 'overview', of: 'company' }) } },
      {
        path: '/admin',
        meta: { place: 'admin' },
        component: () => import('./supervisor/SupervisorShell.vue'),
        children: sections.map((section) => ({
          path:
            section.of === 'company'
              ? section.path
              : ['numbers/:group', section.path].filter((part) => part !== '').join('/'),
          name: routeOf(section),
          component: section.component,
        })),
      },
      { path: '/:rest(.*)*', redirect: { name: 'desk' } },
    ],
  })
}
