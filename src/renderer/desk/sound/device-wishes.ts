/** A device somebody chose. Browsers may give the same one another id; its label stays. */
export interface DeviceWish {
  readonly id: string
  readonly label: string
}

export type SoundUse = 'microphone' | 'speaker' | 'ringer'

export interface SoundDevice {
  readonly id: string
  readonly label: string
}

const mostWishes = 6

/** The first of these that is plugged in; undefined: the system's own. */
export function presentDevice(wishes: readonly DeviceWish[], devices: readonly SoundDevice[]): SoundDevice | undefined {
  for (const wish of wishes) {
    const found =
      devices.find(({ id }) => id === wish.id) ?? devices.find(({ label }) => label !== '' && label === wish.label)
    if (found) return found
  }
  return undefined
}

/** The one just chosen first; those before it are what is fallen back to. Undefined: the system's own, and no other. */
export function withWish(wishes: readonly DeviceWish[], chosen: SoundDevice | undefined): readonly DeviceWish[] {
  if (!chosen) return []
  const others = wishes.filter(({ id, label }) => id !== chosen.id && label !== chosen.label)
  return [{ id: chosen.id, label: chosen.label }, ...others].slice(0, mostWishes)
}

/** What a browser lists, without its stand-ins for the system's own device. */
export function devicesOf(
  kind: 'audioinput' | 'audiooutput',
  listed: readonly Pick<MediaDeviceInfo, 'kind' | 'deviceId' | 'label'>[],
): readonly SoundDevice[] {
  return listed
    .filter((each) => each.kind === kind && !['', 'default', 'communications'].includes(each.deviceId))
    .map(({ deviceId, label }) => ({ id: deviceId, label }))
}
