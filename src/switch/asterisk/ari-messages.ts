import { z } from 'zod'

export type AriEvent = z.infer<typeof ariEvent>
export type AriChannel = z.infer<typeof ariChannel>

/** Of a channel only what we read. */
export const ariChannel = z.object({
  id: z.string(),
  name: z.string(),
  /** `Up` when answered. */
  state: z.string(),
  caller: z.object({ number: z.string(), name: z.string() }),
  dialplan: z.object({ context: z.string(), exten: z.string(), app_name: z.string(), app_data: z.string() }),
  /** ISO 8601, always in the same zone. */
  creationtime: z.string().exactOptional(),
})

export const ariBridge = z.object({ id: z.string(), channels: z.array(z.string()) })

/** Of a softphone's or a trunk's presence. */
export const ariEndpoint = z.object({ resource: z.string(), state: z.string().exactOptional() })

const playback = z.object({ id: z.string(), state: z.string() })
const recording = z.object({ name: z.string(), cause: z.string().exactOptional() })

/** The events of ARI that we act on; others are passed over. */
const ariEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('StasisStart'), args: z.array(z.string()), channel: ariChannel }),
  z.object({ type: z.literal('StasisEnd'), channel: ariChannel }),
  z.object({ type: z.literal('ChannelStateChange'), channel: ariChannel }),
  z.object({
    type: z.literal('ChannelDestroyed'),
    /** Q.850. */
    cause: z.number(),
    /** The status of SIP, where the far side sent one. */
    tech_cause: z.number().exactOptional(),
    channel: ariChannel,
  }),
  z.object({ type: z.literal('ChannelHold'), channel: ariChannel }),
  z.object({ type: z.literal('ChannelUnhold'), channel: ariChannel }),
  z.object({ type: z.literal('ChannelDtmfReceived'), digit: z.string(), channel: ariChannel }),
  z.object({ type: z.literal('PlaybackFinished'), playback }),
  z.object({ type: z.literal('RecordingFinished'), recording }),
  z.object({ type: z.literal('RecordingFailed'), recording }),
  /** Another socket has taken our application. */
  z.object({ type: z.literal('ApplicationReplaced') }),
])

const shapes = new Map<string, (typeof ariEvent.options)[number]>(
  ariEvent.options.map((option) => [option.shape.type.value, option]),
)

/** The events we act on, by name. */
export const eventTypes: readonly string[] = [...shapes.keys()]

export type AriMessage =
  | { readonly kind: 'event'; readonly event: AriEvent }
  /** An event that we do not act on. */
  | { readonly kind: 'other'; readonly type: string }
  | { readonly kind: 'malformed' }

/** Nothing that Asterisk sends is believed before it has passed here. */
export function parseAriMessage(text: string): AriMessage {
  const json = parsedJson(text)
  if (typeof json !== 'object' || json === null || !('type' in json) || typeof json.type !== 'string')
    return { kind: 'malformed' }
  const shape = shapes.get(json.type)
  if (!shape) return { kind: 'other', type: json.type }
  const event = shape.safeParse(json)
  return event.success ? { kind: 'event', event: event.data } : { kind: 'malformed' }
}

/** Absent where it is no JSON. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
