import { createHash, randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { MessageId } from '../../core/configuration/types.ts'
import type { AriClient } from './open-ari-client.ts'

/** A file that Asterisk plays, by its path without the ending, and its length in milliseconds. */
export interface Piece {
  readonly file: string
  readonly millis: number
}

/** What a caller hears whenever nothing else is to be heard. */
export interface Music {
  readonly messages: readonly MessageId[]
  readonly pieces: readonly Piece[]
}

export const noMusic: Music = { messages: [], pieces: [] }

/**
 * The music of those who wait: one stream for all who hear the same pieces, in a holding bridge of its own. While somebody is
 * in it, it goes on for two minutes without us; a playback to each caller's channel instead would hold up whatever else is
 * asked of that channel until it ends.
 */
export interface MusicStreams {
  /** The bridge; undefined: there is nothing to be heard. */
  of(music: Music): string | undefined
  /** The bridge is made if it is not there. */
  prepare(id: string): Promise<unknown>
  /** Somebody has come in, and hears it. */
  entered(id: string): void
  left(id: string): void
  /** True: that was a stream's. */
  finished(playback: string): boolean
  /** One that has fallen silent goes on; one that nobody has come to for a while ends. */
  watch(): void
  /** Some hear it at the attach: it goes on as it is, or again. */
  found(music: Music): Promise<void>
  close(): void
}

interface Stream {
  readonly id: string
  pieces: readonly Piece[]
  making: Promise<unknown> | undefined
  ending: Promise<unknown> | undefined
  /** When somebody last came or went; milliseconds since the epoch. */
  usedAt: number
  listeners: number
  /** In all pieces, in milliseconds, at the start of the playback. */
  position: number
  playback: { readonly id: string; readonly since: number } | undefined
  /** About to begin. */
  soon: NodeJS.Timeout | undefined
}

/** Milliseconds. Longer than callers wait for a service that is away. */
const longEnough = 120_000
const mostFiles = 400
/** Milliseconds; more than anybody's way in takes. */
const unused = 5000

export const musicPrefix = 'gruppnummer-music-'
/** Which playback a stream has, for the next service. */
const variableOf = (id: string) => `GRUPPNUMMER_MUSIC_${id.slice(musicPrefix.length)}`

export function openMusicStreams(ari: AriClient, application: string): MusicStreams {
  const streams = new Map<string, Stream>()
  let closed = false

  function of({ pieces }: Music): string | undefined {
    if (!pieces.some(({ millis }) => millis > 0)) return undefined
    const id = `${musicPrefix}${createHash('sha256').update(JSON.stringify(pieces)).digest('hex').slice(0, 24)}`
    streamOf(id).pieces = pieces
    return id
  }

  function streamOf(id: string): Stream {
    const stream = streams.get(id) ?? {
      id,
      pieces: [],
      making: undefined,
      ending: undefined,
      usedAt: Date.now(),
      listeners: 0,
      position: 0,
      playback: undefined,
      soon: undefined,
    }
    streams.set(id, stream)
    return stream
  }

  function prepare(id: string): Promise<unknown> {
    const stream = streamOf(id)
    stream.usedAt = Date.now()
    stream.making ??= make(stream)
    return stream.making
  }

  async function make({ id, ending }: Stream) {
    await ending
    await ari.send({ method: 'POST', path: `/bridges/${id}`, query: { type: 'holding', name: 'gruppnummer' } })
    await ari.send({
      method: 'POST',
      path: `/applications/${application}/subscription`,
      query: { eventSource: `bridge:${id}` },
    })
  }

  function play(stream: Stream) {
    if (closed || stream.playback || stream.listeners === 0 || stream.pieces.length === 0) return
    const playback = { id: randomUUID(), since: Date.now() }
    stream.playback = playback
    const { files, offset } = filesFrom(stream.pieces, stream.position)
    void ari.send({
      method: 'POST',
      path: '/asterisk/variable',
      query: { variable: variableOf(stream.id), value: playback.id },
      lane: stream.id,
    })
    void ari
      .send({
        method: 'POST',
        path: `/bridges/${stream.id}/play/${playback.id}`,
        body: { media: files.map((file) => `sound:${file}`), offsetms: offset },
      })
      .then(({ ok }) => {
        // Tried again at the next watch.
        if (!ok && stream.playback === playback) stream.playback = undefined
      })
  }

  /** Somebody who is on the way in has asked for it just now. */
  function endUnused(stream: Stream) {
    if (!stream.making || Date.now() - stream.usedAt < unused) return
    stream.making = undefined
    stream.ending = ari.send({ method: 'DELETE', path: `/bridges/${stream.id}` })
  }

  function pause(stream: Stream) {
    if (!stream.playback) return
    const whole = stream.pieces.reduce((sum, { millis }) => sum + millis, 0)
    stream.position = (stream.position + Math.max(0, Date.now() - stream.playback.since)) % whole
    stream.playback = undefined
  }

  async function check(stream: Stream) {
    const { playback } = stream
    if (!playback) {
      play(stream)
      return
    }
    const there = await ari.send({ method: 'GET', path: `/playbacks/${playback.id}`, lane: stream.id })
    if (there.ok || there.problem.kind !== 'refused' || stream.playback !== playback) return
    pause(stream)
    play(stream)
  }

  return {
    of,
    prepare,
    entered(id) {
      const stream = streamOf(id)
      stream.listeners += 1
      // At the attach it is not known yet what goes on sounding.
      if (stream.making && !stream.playback)
        stream.soon ??= setTimeout(() => {
          stream.soon = undefined
          play(stream)
        }, beginsAfter)
    },
    left(id) {
      const stream = streams.get(id)
      if (!stream) return
      stream.usedAt = Date.now()
      stream.listeners -= 1
      if (stream.listeners > 0) return
      clearTimeout(stream.soon)
      stream.soon = undefined
      // Asterisk ends the playback itself when the last listener goes; this one is over in any case.
      const { playback } = stream
      pause(stream)
      if (playback) void ari.send({ method: 'DELETE', path: `/playbacks/${playback.id}`, lane: stream.id })
    },
    finished(playback) {
      const stream = [...streams.values()].find((each) => each.playback?.id === playback)
      if (!stream) return false
      const tooShort = Date.now() - (stream.playback?.since ?? 0) < shortest
      pause(stream)
      // One that cannot be played is not tried again at once.
      if (!tooShort) play(stream)
      return true
    },
    watch() {
      for (const stream of streams.values())
        if (stream.listeners > 0) void check(stream)
        else endUnused(stream)
    },
    async found(music) {
      const id = of(music)
      if (id === undefined) return
      const stream = streamOf(id)
      if (stream.making ?? stream.listeners === 0) return
      stream.making = make(stream)
      const read = await ari.request({
        method: 'GET',
        path: '/asterisk/variable',
        query: { variable: variableOf(id) },
        reply: z.object({ value: z.string() }),
      })
      if (read.ok && read.value.value !== '') stream.playback = { id: read.value.value, since: Date.now() }
      await check(stream)
    },
    close() {
      closed = true
      for (const { soon } of streams.values()) clearTimeout(soon)
    },
  }
}

/** Milliseconds. For whom an agent answers at once, none is begun. */
const beginsAfter = 80
/** Milliseconds. One that ends sooner was never heard. */
const shortest = 200

/** The files from a place on, as often as it takes. */
function filesFrom(pieces: readonly Piece[], start: number): { files: readonly string[]; offset: number } {
  let at = 0
  let offset = start
  while (offset >= (pieces[at]?.millis ?? Infinity)) {
    offset -= pieces[at]?.millis ?? 0
    at += 1
  }
  const files: string[] = []
  let length = -offset
  while (length < longEnough && files.length < mostFiles) {
    const piece = pieces[at % pieces.length]
    if (!piece) break
    files.push(piece.file)
    length += piece.millis
    at += 1
  }
  return { files, offset: Math.floor(offset) }
}
