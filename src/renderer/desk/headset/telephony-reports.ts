/**
 * What a headset's buttons and lamps are in its HID reports (USB HID Usage Tables 1.5, sections 11 "LED Page" and 14 "Telephony
 * Device Page"), found in the descriptor that WebHID has parsed, so that no list of devices is needed.
 */

/** `HIDReportItem` of WebHID, as far as it is used. */
export interface ReportItem {
  readonly isConstant?: boolean
  /** False: it says what changed (a press), and not what is. */
  readonly isAbsolute?: boolean
  readonly isRange?: boolean
  /** Page in the upper 16 bits. In order of the bits; the last one stands for all that follow. */
  readonly usages?: readonly number[]
  readonly usageMinimum?: number
  /** Bits of one. */
  readonly reportSize?: number
  readonly reportCount?: number
}

export interface Report {
  readonly reportId?: number
  readonly items?: readonly ReportItem[]
}

/** `HIDCollectionInfo` of WebHID, as far as it is used. */
export interface Collection {
  readonly usagePage?: number
  readonly inputReports?: readonly Report[]
  readonly outputReports?: readonly Report[]
  readonly children?: readonly Collection[]
}

/** `hook`: 1 is off the hook. The others are pressed. */
export type Button = 'hook' | 'mute' | 'hold' | 'reject'
export type Lamp = 'offHook' | 'ring' | 'mute' | 'hold'

export interface Field {
  readonly report: number
  /** From the first bit of the report, its id not counted. */
  readonly bit: number
  readonly absolute: boolean
}

export interface Layout {
  readonly buttons: Readonly<Partial<Record<Button, Field>>>
  readonly lamps: Readonly<Partial<Record<Lamp, Field>>>
  /** Bytes of each output report that a lamp is in. */
  readonly outputBytes: ReadonlyMap<number, number>
}

export const telephonyPage = 0x0b

const buttonUsages: ReadonlyMap<number, Button> = new Map([
  [0x0b0020, 'hook'],
  [0x0b002f, 'mute'],
  [0x0b0023, 'hold'],
  [0x0b0026, 'reject'],
  // "Button 7", which several makers use to reject.
  [0x090007, 'reject'],
])

const lampUsages: ReadonlyMap<number, Lamp> = new Map([
  [0x080017, 'offHook'],
  [0x080018, 'ring'],
  [0x080009, 'mute'],
  [0x080020, 'hold'],
])

/** Undefined: nothing of a telephone's. */
export function layoutOf(collections: readonly Collection[]): Layout | undefined {
  const all = collections.flatMap(withChildren).filter(({ usagePage }) => usagePage === telephonyPage)
  const buttons: Partial<Record<Button, Field>> = {}
  const lamps: Partial<Record<Lamp, Field>> = {}
  const outputBytes = new Map<number, number>()
  for (const { inputReports = [], outputReports = [] } of all) {
    for (const report of inputReports)
      fieldsOf(report, (usage, field) => {
        const button = buttonUsages.get(usage)
        if (button) buttons[button] ??= field
      })
    for (const report of outputReports) {
      const bits = fieldsOf(report, (usage, field) => {
        const lamp = lampUsages.get(usage)
        if (lamp) lamps[lamp] ??= field
      })
      outputBytes.set(report.reportId ?? 0, Math.ceil(bits / 8))
    }
  }
  return Object.keys(buttons).length === 0 ? undefined : { buttons, lamps, outputBytes }
}

const withChildren = (collection: Collection): readonly Collection[] => [
  collection,
  ...(collection.children ?? [])
    .flatMap(withChildren)
    .map((child) => ({ ...child, usagePage: collection.usagePage ?? 0 })),
]

/** Tells each one-bit field with its usage; returns the bits of the whole. */
function fieldsOf({ reportId = 0, items = [] }: Report, told: (usage: number, field: Field) => void): number {
  let bit = 0
  for (const item of items) {
    const { reportSize = 0, reportCount = 0, isConstant = false, isAbsolute = true } = item
    for (let index = 0; index < reportCount; index += 1) {
      const usage = usageAt(item, index)
      if (!isConstant && reportSize === 1 && usage !== undefined)
        told(usage, { report: reportId, bit: bit + index * reportSize, absolute: isAbsolute })
    }
    bit += reportSize * reportCount
  }
  return bit
}

function usageAt({ isRange = false, usageMinimum = 0, usages = [] }: ReportItem, index: number): number | undefined {
  return isRange ? usageMinimum + index : (usages[index] ?? usages.at(-1))
}

/** Whether the bit of a field is 1; undefined: it is not in this report, or the report is too short. */
export function bitOf(field: Field | undefined, report: number, data: DataView): boolean | undefined {
  if (field?.report !== report) return undefined
  const byte = field.bit >> 3
  return byte < data.byteLength ? (data.getUint8(byte) & (1 << (field.bit & 7))) !== 0 : undefined
}

/** The output reports that show these lamps and no others, by id. */
export function lampReports({ lamps, outputBytes }: Layout, lit: ReadonlySet<Lamp>): ReadonlyMap<number, Uint8Array> {
  const reports = new Map([...outputBytes].map(([id, bytes]) => [id, new Uint8Array(bytes)]))
  for (const [lamp, field] of Object.entries(lamps)) {
    const bytes = reports.get(field.report)
    if (bytes === undefined || !lit.has(lamp as Lamp)) continue
    const at = field.bit >> 3
    bytes[at] = (bytes[at] ?? 0) | (1 << (field.bit & 7))
  }
  return new Map([...reports].filter(([id]) => Object.values(lamps).some(({ report }) => report === id)))
}
