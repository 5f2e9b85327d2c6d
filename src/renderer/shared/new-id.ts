/**
 * An id for something new: its name as a slug, and some letters of a UUID, so that no two are alike and a document
 * reads well: `ordinarie-schema-3f9c1a`.
 */
// The caller says which kind of id it makes: one of the few places where a brand is given.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
export function newId<Id extends string>(name: string): Id {
  const slug = name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
  const letters = crypto.randomUUID().slice(0, 6)
  return (slug === '' ? letters : `${slug}-${letters}`) as Id
}
