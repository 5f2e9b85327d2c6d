import { defineStore } from 'pinia'
import { onScopeDispose, ref, watch } from 'vue'
import { z } from 'zod'

const schema = z.object({
  locale: z.enum(['sv', 'en']).catch('sv'),
  density: z.enum(['compact', 'comfortable']).catch('compact'),
  ringMuted: z.boolean().catch(false),
  /** The group number that own calls are shown as; empty: oneself. */
  ringAs: z.string().max(20).catch(''),
})
export type Preferences = z.infer<typeof schema>

const key = 'gruppnummer.preferences'

/** What this person chose for this browser, in all its windows; kept here and nowhere else. */
export const usePreferencesStore = defineStore('preferences', () => {
  const kept = readPreferences()
  const locale = ref(kept.locale)
  const density = ref(kept.density)
  const ringMuted = ref(kept.ringMuted)
  const ringAs = ref(kept.ringAs)

  watch([locale, density, ringMuted, ringAs], () => {
    const chosen: Preferences = {
      locale: locale.value,
      density: density.value,
      ringMuted: ringMuted.value,
      ringAs: ringAs.value,
    }
    try {
      localStorage.setItem(key, JSON.stringify(chosen))
    } catch {
      // Storage full or forbidden: the choice holds for as long as the window.
    }
  })

  addEventListener('storage', follow)
  onScopeDispose(() => {
    removeEventListener('storage', follow)
  })

  /** As another window left it: this one would else write its own choices over them. */
  function follow({ key: changed }: StorageEvent) {
    if (changed !== key && changed !== null) return
    const chosen = readPreferences()
    locale.value = chosen.locale
    density.value = chosen.density
    ringMuted.value = chosen.ringMuted
    ringAs.value = chosen.ringAs
  }

  return { locale, density, ringMuted, ringAs }
})

function readPreferences(): Preferences {
  try {
    return schema.parse(JSON.parse(localStorage.getItem(key) ?? '{}'))
  } catch {
    return schema.parse({})
  }
}
