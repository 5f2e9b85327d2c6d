import { onScopeDispose, ref, watch } from 'vue'
import { openHeadsetButtons, type HeadsetAct, type HeadsetButtons, type PhoneState } from './headset-buttons.ts'
import { layoutOf, telephonyPage, type Collection } from './telephony-reports.ts'

/** `HIDDevice` of WebHID, as far as it is used. */
export interface HeadsetDevice extends EventTarget {
  readonly opened: boolean
  readonly productName: string
  readonly collections: readonly Collection[]
  open(): Promise<void>
  close(): Promise<void>
  sendReport(report: number, data: BufferSource): Promise<void>
}

/** `navigator.hid`, where there is one (Chromium). */
export interface Headsets extends EventTarget {
  getDevices(): Promise<readonly HeadsetDevice[]>
  requestDevice(options: { filters: readonly { usagePage: number }[] }): Promise<readonly HeadsetDevice[]>
}

/** The buttons of a headset that this page may use: the one that was connected last. */
export function useHeadset(
  state: () => PhoneState,
  act: (act: HeadsetAct) => void,
  headsets = (navigator as { readonly hid?: Headsets }).hid,
) {
  const name = ref<string>()
  let device: HeadsetDevice | undefined
  let buttons: HeadsetButtons | undefined

  async function use(found: HeadsetDevice | undefined) {
    const layout = found && layoutOf(found.collections)
    if (found === undefined || layout === undefined || found === device) return
    letGo()
    try {
      if (!found.opened) await found.open()
    } catch {
      // Another program has it.
      return
    }
    device = found
    name.value = found.productName
    buttons = openHeadsetButtons({
      layout,
      // It may be pulled out at any moment.
      send: (report, data) => void found.sendReport(report, new Uint8Array(data)).catch(() => undefined),
      act,
    })
    found.addEventListener('inputreport', reported)
    buttons.show(state())
  }

  function reported(event: Event) {
    const { reportId, data } = event as Event & { readonly reportId: number; readonly data: DataView }
    buttons?.report(reportId, data)
  }

  function letGo() {
    device?.removeEventListener('inputreport', reported)
    void device?.close().catch(() => undefined)
    device = undefined
    buttons = undefined
    name.value = undefined
  }

  const useKnown = async () => use((await headsets?.getDevices())?.find(({ collections }) => layoutOf(collections)))
  const connected = () => void useKnown()
  const gone = (event: Event) => {
    if ((event as Event & { readonly device?: HeadsetDevice }).device !== device) return
    letGo()
    void useKnown()
  }
  headsets?.addEventListener('connect', connected)
  headsets?.addEventListener('disconnect', gone)
  void useKnown()
  watch(state, (now) => buttons?.show(now), { deep: true })
  onScopeDispose(() => {
    headsets?.removeEventListener('connect', connected)
    headsets?.removeEventListener('disconnect', gone)
    letGo()
  })

  return {
    /** Of the headset in use; undefined: none. */
    name,
    /** Whether this browser can use any. */
    possible: headsets !== undefined,
    /** Lets the person choose one; only from a click. */
    choose: async () => use((await headsets?.requestDevice({ filters: [{ usagePage: telephonyPage }] }))?.[0]),
  }
}
