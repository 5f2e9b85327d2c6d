import { once } from 'node:events'
import { connect, createServer, type AddressInfo } from 'node:net'
import {
  Registerer,
  RegistererState,
  SessionState,
  UserAgent,
  type BodyAndContentType,
  type Invitation,
  type SessionDescriptionHandler,
} from 'sip.js'
import { expect, test } from 'vitest'
import { offerHeader, sipDomain } from '../../../../src/contract/softphone.ts'
import { anna, embeddedScene, offer, show } from '../../../support/sip/embedded-scene.ts'
import { sdpOf } from '../../../support/sip/quiet-media.ts'

/** Agrees on any SDP, as the quiet media does. */
function quietDescriptions(): SessionDescriptionHandler {
  const description: BodyAndContentType = { body: sdpOf(), contentType: 'application/sdp' }
  return {
    getDescription: () => Promise.resolve(description),
    setDescription: () => Promise.resolve(),
    hasDescription: (type) => type === 'application/sdp',
    rollbackDescription: () => Promise.resolve(),
    sendDtmf: () => false,
    close: () => undefined,
  }
}

test('the desk’s own library registers, is rung, answers and is hung up', async () => {
  const scene = await embeddedScene()
  const door = createServer((socket) => {
    const through = connect(scene.engine.softphoneSocket.path)
    socket.pipe(through).pipe(socket)
    socket.on('error', () => through.destroy())
    through.on('error', () => socket.destroy())
  })
  door.listen(0, '127.0.0.1')
  await once(door, 'listening')
  const { port } = door.address() as AddressInfo
  const invited = Promise.withResolvers<Invitation>()
  const uri = UserAgent.makeURI(`sip:${anna.user}@${sipDomain}`)
  const agent = new UserAgent({
    ...(uri && { uri }),
    authorizationUsername: anna.user,
    authorizationPassword: anna.password,
    transportOptions: { server: `ws://127.0.0.1:${port}/sip` },
    sessionDescriptionHandlerFactory: quietDescriptions,
    logBuiltinEnabled: false,
    delegate: { onInvite: invited.resolve },
  })
  try {
    await agent.start()
    const registerer = new Registerer(agent)
    await registerer.register()
    await scene.service.told('deviceChanged')
    await expect.poll(() => registerer.state).toBe(RegistererState.Registered)

    const { call } = await scene.callIn(await scene.trunk())
    await scene.does({ type: 'ring', call, agent: anna.agent, offer: offer('o1'), show })
    const invitation = await invited.promise
    expect(invitation.request.getHeader(offerHeader)).toBe(`${call}/o1`)
    await invitation.accept()
    await scene.service.told('agentAnswered')
    await scene.does({ type: 'connect', call, agent: anna.agent, offer: offer('o1') })
    await invitation.invite()
    await expect.poll(() => invitation.state).toBe(SessionState.Established)
    await scene.does({ type: 'hangUp', call, why: 'served' })
    await expect.poll(() => invitation.state).toBe(SessionState.Terminated)

    await registerer.unregister()
    expect(await scene.service.told('deviceChanged')).toMatchObject({ state: 'gone' })
  } finally {
    await agent.stop()
    await scene.close()
    door.close()
  }
})
