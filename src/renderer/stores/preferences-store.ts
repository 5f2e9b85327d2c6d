import { defineStore } from 'pinia'
import { ref, watch } from 'vue'
import { z } from 'zod'

const schema = z.object({
  locale: z.enum(['sv', 'en']).catch('sv'),
  density: z.enum(['compact', 'comfortable']).catch('compact'),
  ringMuted: z.boolean().catch(false),
})
export type Preferences = z.infer<typeof schema>

const key = 'gruppnummer.preferences'

/** What this person chose for this browser; kept here and nowhere else. */
export const usePreferencesStore = defineStore('preferences', () => {
  const kept = readPreferences()
  const locale = ref(kept.locale)
  const density = ref(kept.density)
  const ringMuted = ref(kept.ringMuted)

  watch([locale, density, ringMuted], () => {
    const chosen: Preferences = { locale: locale.value, density: density.value, ringMuted: ringMuted.value }
    try {
      localStorage.setItem(key, JSON.stringify(chosen))
    } catch {
      // Storage full or forbidden: the choice holds for as long as the window.
    }
  })

  return { locale, density, ringMuted }
})

function readPreferences(): Preferences {
  try {
    return schema.parse(JSON.parse(localStorage.getItem(key) ?? '{}'))
  } catch {
    return { locale: 'sv', density: 'compact', ringMuted: false }
  }
}
