import { loadNodeDataChannel } from './node-datachannel-peer.ts'
import type { PeerLibrary } from './peer-connection.ts'
import { loadWerift } from './werift-peer.ts'

/** node-datachannel; werift where its binary does not load, or where `GRUPPNUMMER_WEBRTC` is `werift`. */
export function loadPeerLibrary(environment: NodeJS.ProcessEnv = process.env): PeerLibrary {
  if (environment.GRUPPNUMMER_WEBRTC === 'werift') return loadWerift()
  try {
    return loadNodeDataChannel()
  } catch {
    return loadWerift()
  }
}
