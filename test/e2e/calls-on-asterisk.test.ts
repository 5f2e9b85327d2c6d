import { callScenes } from './support/call-scenes.ts'

callScenes('asterisk')
