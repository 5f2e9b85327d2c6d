import type { Disk, OpenFile } from '../../../src/service/files.ts'

/**
 * `disk`, with `before` called ahead of every step that changes something, named in order. What
 * `before` throws is the step's failure; a step named `half a write` is one after half the bytes.
 */
export function watchedDisk(disk: Disk, before: (step: string) => void): Disk {
  const watched = (file: OpenFile): OpenFile => ({
    async write(content) {
      before('write')
      const half = Math.floor(content.byteLength / 2)
      await file.write(content.subarray(0, half))
      before('half a write')
      await file.write(content.subarray(half))
    },
    async sync() {
      before('sync')
      await file.sync()
    },
    close: () => file.close(),
  })
  return {
    read: (path, limit) => disk.read(path, limit),
    list: (directory) => disk.list(directory),
    async makeDirectory(path) {
      before('makeDirectory')
      await disk.makeDirectory(path)
    },
    async create(path, mode) {
      before('create')
      return watched(await disk.create(path, mode))
    },
    async append(path, mode) {
      before('append')
      return watched(await disk.append(path, mode))
    },
    async rename(from, to) {
      before('rename')
      await disk.rename(from, to)
    },
    async remove(path) {
      before('remove')
      await disk.remove(path)
    },
    async syncDirectory(directory) {
      before('syncDirectory')
      await disk.syncDirectory(directory)
    },
  }
}

/** What the system says when a disk has no room left. */
export function noSpace(): Error {
  return Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
}
