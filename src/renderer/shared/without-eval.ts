import { z } from 'zod'

// Imported before any schema is made: the page's policy forbids eval, with which zod would otherwise build its parsers.
z.config({ jitless: true })
