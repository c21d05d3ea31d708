type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** Without what a client has left out. */
export const given = <T extends object>(fields: T): Given<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<T>
