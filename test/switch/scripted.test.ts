import { behavesAsSwitch } from './behaves-as-switch.ts'
import { scriptedStage } from './scripted/scripted-stage.ts'

behavesAsSwitch('the scripted switch', (wanted) => Promise.resolve(scriptedStage(wanted).stage))
