import '../shared/without-eval.ts'
import { createApp } from 'vue'
import { createI18n } from 'vue-i18n'
import '../styles/tokens.css'
import '../styles/base.css'
import CallerPage from './CallerPage.vue'
import en from './en.json'
import sv from './sv.json'

createApp(CallerPage)
  .use(createI18n({ legacy: false, locale: 'sv', fallbackLocale: 'sv', messages: { sv, en } }))
  .mount('#app')
