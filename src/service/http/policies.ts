/** What a page may use, by the header Permissions-Policy. */
export const permissions =
  'microphone=(self), speaker-selection=(self), hid=(self), autoplay=(self), camera=(), geolocation=(), display-capture=(), payment=(), usb=()'

/** Options of helmet: nothing from elsewhere, nothing inline, no eval. */
export function policies(secure: boolean) {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        connectSrc: ["'self'"],
        mediaSrc: ["'self'", 'blob:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        requireTrustedTypesFor: ["'script'"],
        // Vue's own, for what its compiler wrote.
        trustedTypes: ['vue'],
      },
    },
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'no-referrer' as const },
    strictTransportSecurity: secure ? { maxAge: 180 * 24 * 60 * 60, includeSubDomains: false } : false,
    xFrameOptions: { action: 'deny' as const },
  }
}
