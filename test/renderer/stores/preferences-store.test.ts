import { createPinia, disposePinia } from 'pinia'
import { nextTick } from 'vue'
import { afterEach, expect, test } from 'vitest'
import { usePreferencesStore } from '../../../src/renderer/stores/preferences-store.ts'

const key = 'gruppnummer.preferences'
const pinia = createPinia()

afterEach(() => {
  localStorage.clear()
  disposePinia(pinia)
})

/** What another window does to this one: the browser tells after it is stored. */
function chosenElsewhere(chosen: object) {
  localStorage.setItem(key, JSON.stringify(chosen))
  window.dispatchEvent(new StorageEvent('storage', { key }))
}

test('[A36] what is chosen in one window holds in the others, and is not written over by them', async () => {
  const preferences = usePreferencesStore(pinia)
  chosenElsewhere({ locale: 'en', density: 'comfortable' })
  expect(preferences).toMatchObject({ locale: 'en', density: 'comfortable' })
  preferences.ringMuted = true
  await nextTick()
  expect(JSON.parse(localStorage.getItem(key) ?? '')).toMatchObject({
    locale: 'en',
    density: 'comfortable',
    ringMuted: true,
  })
})
