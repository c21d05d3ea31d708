import type { Frame } from './layout.ts'

/** Hands out room inside a frame, so that no two labels overlap. */
export interface LabelSpace {
  /** Takes the boxes when all lie inside the frame and overlap none taken before; says whether. */
  takeAll(boxes: readonly Frame[]): boolean
}

export function labelSpace(frame: Frame): LabelSpace {
  const taken: Frame[] = []
  const isFree = (box: Frame) => encloses(frame, box) && !taken.some((other) => overlap(other, box))
  return {
    takeAll(boxes) {
      if (!boxes.every(isFree)) return false
      taken.push(...boxes)
      return true
    },
  }
}

const encloses = (outer: Frame, inner: Frame): boolean =>
  outer.left <= inner.left &&
  inner.right <= outer.right &&
  outer.top <= inner.top &&
  inner.bottom <= outer.bottom

const overlap = (a: Frame, b: Frame): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
