import { createRouter, createWebHistory } from 'vue-router'
import SignInPage from './sign-in/SignInPage.vue'
import DeskPage from './desk/DeskPage.vue'

/** Who may see what is decided in App.vue, where it is known who is signed in. */
export function createRoutes() {
  return createRouter({
    history: createWebHistory(),
    routes: [
      { path: '/sign-in', name: 'signIn', component: SignInPage },
      { path: '/desk', name: 'desk', component: DeskPage },
      {
        path: '/configuration/:group?',
        name: 'configuration',
        component: () => import('./configuration/ConfigurationPage.vue'),
      },
      { path: '/:rest(.*)*', redirect: { name: 'desk' } },
    ],
  })
}
