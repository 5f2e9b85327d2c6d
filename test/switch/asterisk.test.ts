import { afterAll, describe } from 'vitest'
import { withoutPeers } from '../e2e/support/peers.ts'
import { asteriskStage, closeServer } from './asterisk/asterisk-stage.ts'
import { behavesAsSwitch } from './behaves-as-switch.ts'

afterAll(closeServer)

const missing = withoutPeers('asterisk')
describe.skipIf(missing !== undefined)(missing ?? 'a real server', () => {
  behavesAsSwitch('Asterisk', asteriskStage)
})
