/**
 * A place in a document, by ids and not by position, so that it means the same in every version:
 * `['groupNumbers', 'support', 'schedules', 'ordinary', 'week', 'mon']`. Members are named by their agent. `order` after
 * the name of a list is the order of its items.
 */
export type FieldPath = readonly string[]
