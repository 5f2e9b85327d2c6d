import { contextBridge, ipcRenderer } from 'electron'
import { serviceArgument } from '../contract/desktop.ts'
import { createDesktop } from './create-desktop.ts'

const service = process.argv.find((given) => given.startsWith(serviceArgument))?.slice(serviceArgument.length) ?? ''
contextBridge.exposeInMainWorld('desktop', createDesktop(ipcRenderer, service))
