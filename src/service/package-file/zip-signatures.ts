/** PKWARE APPNOTE.TXT sections 4.3.7, 4.3.12 and 4.3.16. */
export const localSignature = 0x04034b50
export const centralSignature = 0x02014b50
export const endSignature = 0x06054b50
