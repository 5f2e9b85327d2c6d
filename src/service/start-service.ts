import { basename } from 'node:path'
import { openRouter } from '../core/routing/open-router.ts'
import { failed, ok, type Result } from '../core/result.ts'
import type { AgentId } from '../core/configuration/types.ts'
import type { ActorId } from '../core/routing/messages.ts'
import { instant, type Instant } from '../core/time.ts'
import type { CallerCredential, ServiceLive, SoftphoneCredential } from '../contract/console.ts'
import type { Switch, SwitchSetup, Trunk } from '../contract/switch.ts'
import { checkConfiguration } from '../core/configuration/check.ts'
import { fieldPathOf } from '../core/configuration/field-path-of.ts'
import { espeak } from './administration/audio/speak.ts'
import { openAdministration, type AdministeredAccounts } from './administration/open-administration.ts'
import { openPackages } from './administration/packages.ts'
import { openSoundFiles } from './administration/sound-files.ts'
import { keepAudioSwept } from './administration/sweep-audio.ts'
import { openAgentCalls } from './agent-calls/open-agent-calls.ts'
import { openCallAsks } from './call-records/call-asks.ts'
import { openCallRecords } from './call-records/open-call-records.ts'
import { openAsks } from './console/asks.ts'
import { openDestinations } from './destinations/open-destinations.ts'
import { openConsoleEndpoint } from './console/console-endpoint.ts'
import { liveBoard } from './console/live-board.ts'
import { rememberedReplies } from './console/remembered-replies.ts'
import { openLocalSocket, type LocalAsk } from './http/local-socket.ts'
import type { Listen } from './http/http-parts.ts'
import { openHttp } from './http/open-http.ts'
import { openSipTunnel } from './http/sip-tunnel.ts'
import { rememberedOrigin } from './http/remembered-origin.ts'
import { callerCredentials } from './live-calls/caller-credentials.ts'
import { epochFile } from './live-calls/epoch-file.ts'
import { keepSwitch } from './live-calls/keep-switch.ts'
import { openLiveCalls } from './live-calls/live-calls.ts'
import { serviceLevels } from './live-calls/service-levels.ts'
import { passedOffers } from './live-calls/passed-offers.ts'
import { toldAgents } from './live-calls/told-agents.ts'
import { sipUser, switchSetup } from './live-calls/switch-setup.ts'
import { openFileWork } from './file-work/file-work.ts'
import { realDisk } from './files.ts'
import type { Log } from './log.ts'
import type { Account, Accounts, Clock, ConfigurationStore, Journal } from './ports.ts'
import { openPinGate } from './service-numbers/pin-gate.ts'
import { openRecordedMessages } from './service-numbers/recorded-messages.ts'
import { watchSounds } from './sounds/watch-sounds.ts'
import { openWork } from './work/open-work.ts'
import { openWorkAsks } from './work/work-asks.ts'

/** What a service is made of; whoever starts it owns the stores and closes them after `close`. */
export interface ServiceParts {
  /** The data directory, which this process owns. */
  readonly directory: string
  readonly clock: Clock
  readonly store: ConfigurationStore
  readonly journal: Journal
  /** `changed`: an account, or a session of it, is another or gone. */
  readonly accounts: Accounts & AdministeredAccounts & { changed(listener: () => void): () => void }
  readonly switch: Switch
  readonly trunks?: readonly Trunk[]
  readonly listen: {
    readonly host: string
    /** Absent: the remembered one, else the first free one from 8330; 0: any. */
    readonly port?: number
    readonly tls?: NonNullable<Listen['tls']>
  }
  /** The built console; absent: none is served. */
  readonly consoleDirectory?: string
  readonly log: Log
}

export interface Service {
  /** Such as `http://127.0.0.1:8330`. */
  readonly origin: string
  readonly port: number
  /** A one-time sign-in link, for whoever may open this service's data: 10 minutes, or as said. */
  makeLink(account: string, lifetimeMillis?: number): Promise<Result<string, string>>
  /** Signs the consoles off and lets go of the switch, where calls go on. */
  close(): Promise<void>
}

const linkLifetime = 10 * 60 * 1000
/** How far back passed offers are looked up at a start. */
const passedLookback = 12 * 60 * 60 * 1000

/** Composes the service. Throws `StartProblem` where it cannot listen. */
export async function startService(parts: ServiceParts): Promise<Service> {
  const { directory, clock, store, journal, accounts, log } = parts
  const destinations = await openDestinations({ directory, clock, log })
  const liveCalls = await openLiveCalls({
    clock,
    journal,
    openRouter,
    configuration: store.current().configuration,
    mayRing: (number) => destinations.mayRing(number),
    log,
  })
  const work = await openWork({
    directory,
    clock,
    journal,
    liveCalls,
    configuration: () => store.current().configuration,
    log,
  })
  const callRecords = openCallRecords({
    directory,
    clock,
    journal,
    liveCalls,
    configuration: () => store.current().configuration,
    log,
  })
  const passed = passedOffers()
  const levels = serviceLevels(() => store.current().configuration)
  const told = toldAgents((account, agent) => accounts.find(account)?.agent === agent)
  const agentCalls = openAgentCalls({
    liveCalls,
    configuration: () => store.current().configuration,
    mayRing: (number) => destinations.mayRing(number),
    log,
  })
  const callers = callerCredentials(clock)
  let journalTrouble: string | undefined

  /** Whose softphone the switch has been told of. */
  let knownAgents: ReadonlySet<AgentId> = new Set()

  function setup(): Promise<SwitchSetup> {
    const agents = agentsWhoSignIn(accounts.list())
    knownAgents = new Set(agents)
    return switchSetup({
      configuration: store.current().configuration,
      soundPath: (file) => store.soundPath(file),
      agents,
      softphoneSecret: (agent) => accounts.softphoneSecret(agent),
      mayRing: (number) => destinations.mayRing(number),
      callers: callers.live(),
      trunks: parts.trunks ?? [],
    })
  }

  const pins = openPinGate({
    configuration: () => store.current().configuration,
    served: () => liveCalls.view().served ?? [],
    accounts,
    checked: (call, by) => {
      liveCalls.happened({ type: 'pinChecked', call, ok: by !== undefined, ...(by && { by: by.name as ActorId }) })
    },
    log,
  })
  const keptSwitch = keepSwitch({
    switch: parts.switch,
    liveCalls,
    letThrough: (event) => pins.letThrough(event),
    clock,
    nextEpoch: epochFile(directory, clock),
    setup,
    log,
  })
  const sounds = watchSounds({ store, log, changed: () => board.touch() })
  const board = liveBoard({
    clock,
    view: () => liveCalls.view(),
    passedOf: (agent) => passed.of(agent),
    pastOf: (agent) => agentCalls.past(agent),
    toldOf: told.of,
    missed: () => work.missed(),
    voicemails: () => work.voicemails(),
    levels,
    configuration: () => store.current().configuration,
    service: serviceLive,
  })
  function serviceLive(): ServiceLive {
    const trouble = journalTrouble ?? store.troubles[0] ?? sounds.trouble
    return {
      switch: keptSwitch.state,
      engine: keptSwitch.engine,
      revision: store.current().revision,
      ...(trouble !== undefined && { trouble }),
      callerPage: accounts.flag('callerPage'),
    }
  }

  const soundFiles = openSoundFiles(store)
  const files = openFileWork()
  const audioSwept = keepAudioSwept({ store, disk: realDisk, clock, log })
  const administration = openAdministration({
    store,
    accounts,
    hasSound: (message) => soundFiles.has(message),
    checkSounds: (configuration) => soundFiles.check(configuration),
    check: (configuration) =>
      checkConfiguration(configuration, destinations.table()).map(({ severity, path, words }) => ({
        severity,
        path: fieldPathOf(path, configuration),
        words,
      })),
    makeLink,
    clock,
    log,
  })
  const recorded = await openRecordedMessages({
    directory,
    disk: realDisk,
    files,
    journal,
    liveCalls,
    store,
    accounts,
    change: administration.change,
    isVoicemail: (file) => [...work.voicemails().keys()].some((id) => basename(work.recordingPath(id)) === file),
    clock,
    log,
  })
  const workAsks = openWorkAsks({ liveCalls, store, accounts, work, destinations, clock, log })
  const ask = openAsks({
    liveCalls,
    store,
    accounts: {
      audit: (entry) => accounts.audit(entry),
      async setFlag(name, value, by) {
        await accounts.setFlag(name, value, by)
        // The consoles show it.
        board.touch()
      },
    },
    administration,
    agentCalls,
    work: workAsks,
    calls: openCallAsks({ liveCalls, store, agentCalls, records: callRecords, clock, log }),
    clock,
    log,
  })
  const consoles = openConsoleEndpoint({
    clock,
    board,
    replies: rememberedReplies(),
    configuration: () => store.current().configuration,
    session: (token) => accounts.session(token),
    ask,
    softphone,
    log,
  })

  async function softphone(agent: AgentId): Promise<SoftphoneCredential> {
    const secret = await accounts.softphoneSecret(agent)
    if (!knownAgents.has(agent)) await keptSwitch.prepare()
    return { user: sipUser(agent), secret }
  }

  async function makeCaller(): Promise<CallerCredential | undefined> {
    const made = callers.make()
    if (!made) return undefined
    const prepared = await keptSwitch.prepare()
    if (!prepared.ok) return undefined
    const numbers = store.current().configuration.groupNumbers.map(({ number, name }) => ({ number, name }))
    return { ...made, numbers }
  }

  const subscriptions = [
    liveCalls.listen((entries) => {
      for (const entry of entries) {
        passed.saw(entry)
        levels.saw(entry)
        told.saw(entry)
      }
      board.touch()
    }),
    keptSwitch.changed(() => board.touch()),
    destinations.changed(() => void keptSwitch.prepare()),
    work.changed(() => board.touch()),
    store.changed(({ revision, configuration }) => {
      log.info({ revision }, 'configuration changed')
      liveCalls.happened({ type: 'configured', configuration })
      void keptSwitch.prepare()
      board.touch()
    }),
    accounts.changed(() => {
      consoles.recheck()
      workAsks.endForbiddenListening()
      void keptSwitch.prepare()
    }),
    journal.troubled((now) => {
      if (now !== undefined) log.error({ trouble: now }, 'the journal is in trouble; calls go on')
      journalTrouble = now
      board.touch()
    }),
  ]

  const origins = rememberedOrigin(directory)
  const { host, port, tls } = parts.listen
  let http: Awaited<ReturnType<typeof openHttp>>
  try {
    const now = clock.now()
    await readPassed(journal, now, (entry) => {
      passed.saw(entry)
      told.saw(entry)
      agentCalls.saw(entry)
    })
    // What happens meanwhile is counted as it happens.
    for await (const entry of journal.read({ from: levels.dayOf(now).from, to: now })) levels.saw(entry)
    http = await openHttp({
      listen: { host, ports: port === undefined ? await origins.ports() : [port], ...(tls && { tls }) },
      accounts,
      store,
      consoles,
      administration: {
        packages: openPackages({ store, soundFiles, change: administration.change, files, disk: realDisk }),
        soundFiles,
        speech: espeak(),
        files,
        disk: realDisk,
      },
      sip: openSipTunnel({
        socket: () => (keptSwitch.state === 'attached' ? parts.switch.softphoneSocket : undefined),
        moved: () => parts.switch.softphonesMoved?.(),
        clock,
        log,
      }),
      voicemails: { find: (id) => work.voicemails().get(id), path: (id) => work.recordingPath(id) },
      makeCaller,
      health: () => ({ switch: keptSwitch.state }),
      consoleDirectory: parts.consoleDirectory,
      clock,
      log,
    })
  } catch (fault) {
    await stop()
    throw fault
  }
  await origins.remember({ origin: http.origin, ...(port === undefined && { port: http.port }) })

  async function makeLink(account: string, lifetimeMillis = linkLifetime): Promise<Result<string, string>> {
    return linkFor(accounts, account, { origin: http.origin, lifetimeMillis })
  }
  const answer = (asked: LocalAsk) =>
    asked.ask === 'link' ? makeLink(asked.account) : Promise.resolve(ok(http.origin))
  const local = await openLocalSocket(directory, answer)

  async function stop() {
    for (const unsubscribe of subscriptions) unsubscribe()
    sounds.close()
    await consoles.stop()
    await keptSwitch.close()
    liveCalls.close()
    agentCalls.close()
    await recorded.close()
    await files.close()
    await audioSwept.close()
    await work.close()
    await callRecords.close()
    board.close()
    await journal.committed()
  }

  return {
    origin: http.origin,
    port: http.port,
    makeLink,
    close: async () => {
      await local.close()
      await http.close()
      await stop()
    },
  }
}

/** A link to the console at `origin` that signs in as `account` (name or id), once. */
export async function linkFor(
  accounts: Pick<Accounts, 'find' | 'list' | 'makeLink'>,
  account: string,
  { origin, lifetimeMillis = linkLifetime }: { readonly origin: string; readonly lifetimeMillis?: number },
): Promise<Result<string, string>> {
  const found = accounts.find(account)
  if (!found) {
    const names = accounts.list().map(({ name }) => name)
    const expected = names.length > 0 ? `expected one of ${names.slice(0, 20).join(', ')}` : 'there are no accounts yet'
    return failed(`no account ${account}: ${expected}`)
  }
  // In the fragment, which no server and no log sees.
  return ok(`${origin}/#link=${await accounts.makeLink(found.id, lifetimeMillis)}`)
}

function agentsWhoSignIn(accounts: readonly Account[]): AgentId[] {
  return accounts.flatMap(({ agent }) => (agent === undefined ? [] : [agent]))
}

async function readPassed(journal: Journal, now: Instant, saw: ReturnType<typeof passedOffers>['saw']) {
  for await (const entry of journal.read({ from: instant(now - passedLookback) })) saw(entry)
}
