import './shared/without-eval.ts'
import { createPinia } from 'pinia'
import { createApp, watchEffect } from 'vue'
import App from './App.vue'
import { openSoftphone } from './desk/softphone/open-softphone.ts'
import { openSoftphoneKey } from './desk/softphone-store.ts'
import { createWords } from './i18n/i18n.ts'
import { fileToken } from './review/given-file.ts'
import { browserCopies, desktopCopies } from './review/kept-copy.ts'
import { keptCopiesKey } from './review/kept-copy-store.ts'
import { browserPage } from './review/offline-page.ts'
import { createRoutes } from './router.ts'
import { takeLink } from './sign-in/link-in-address.ts'
import { browserPorts } from './stores/browser-ports.ts'
import { connectionPortsKey } from './stores/console-store.ts'
import { usePreferencesStore } from './stores/preferences-store.ts'
import './styles/tokens.css'
import './styles/base.css'

const app = createApp(App, { link: takeLink(), fileToken: fileToken() })
app.use(createPinia())
const preferences = usePreferencesStore()
const words = createWords(preferences.locale)
app.use(words)
app.use(createRoutes())
app.provide(connectionPortsKey, browserPorts)
app.provide(openSoftphoneKey, openSoftphone)
const { desktop } = window
if (desktop === undefined) app.provide(keptCopiesKey, browserCopies(indexedDB, browserPage()))
// None in plain text: a desktop that cannot encrypt keeps none.
else if ((await desktop.readCopy()).mayKeep) app.provide(keptCopiesKey, desktopCopies(desktop))

watchEffect(() => {
  words.global.locale.value = preferences.locale
  document.documentElement.lang = preferences.locale
  document.documentElement.dataset.density = preferences.density
})

app.mount('#app')
