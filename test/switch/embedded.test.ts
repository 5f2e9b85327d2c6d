import { behavesAsSwitch } from './behaves-as-switch.ts'
import { embeddedStage } from './embedded/embedded-stage.ts'

behavesAsSwitch('the embedded switch', embeddedStage)
