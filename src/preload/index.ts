import { contextBridge, ipcRenderer } from 'electron'
import { createDesktop } from './create-desktop.ts'

contextBridge.exposeInMainWorld('desktop', createDesktop(ipcRenderer))
