/** A value that can be called, constructed, iterated over and asked for any member, and does nothing. @returns {any} */
export function anything() {
  return new Proxy(function nothing() {}, {
    get: (_, name) => {
      if (name === 'then' || name === Symbol.toPrimitive) return undefined;
      if (name === Symbol.iterator) return () => [].values();
      if (name === 'prototype') return {};
      return anything();
    },
    set: () => true,
    apply: () => anything(),
    construct: () => anything(),
  });
}
