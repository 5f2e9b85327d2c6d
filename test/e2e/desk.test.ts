import { deskScenes } from './support/desk-scenes.ts'

deskScenes('embedded')
