import { z } from 'zod'

/** RFC 9457. `errors` is present on 400 and 422, `reasons` on a service that is not ready. */
export const problem = z
  .strictObject({
    type: z.string().describe('A URN that names the kind of problem; stable.'),
    title: z.string().describe('The kind in words; the same for every problem of a type.'),
    status: z.int(),
    detail: z.string().describe('What is wrong with this request, and what to do.'),
    errors: z
      .array(
        z.strictObject({
          path: z.string().describe("A JSON pointer into the body, or the parameter's name."),
          message: z.string(),
        }),
      )
      .optional(),
    reasons: z.array(z.string()).optional().describe('Why the service is not ready.'),
  })
  .meta({ id: 'Problem', description: 'Problem details (RFC 9457).' })

export type Problem = z.output<typeof problem>

/** Every status that a problem may carry. `name` is its component in the document and the end of its type. */
export const PROBLEMS = {
  400: { name: 'Unreadable', title: 'The request cannot be read' },
  401: { name: 'Unauthorized', title: 'A token is needed' },
  403: { name: 'Forbidden', title: 'This is not allowed' },
  404: { name: 'NotFound', title: 'There is no such thing' },
  405: { name: 'MethodNotAllowed', title: 'The method is not allowed here' },
  409: { name: 'Conflict', title: 'The state does not allow it' },
  413: { name: 'TooLarge', title: 'The body is too large' },
  415: { name: 'UnsupportedMediaType', title: 'The body has the wrong media type' },
  421: { name: 'Misdirected', title: 'This host is not served here' },
  422: { name: 'Refused', title: 'The request is understood and refused' },
  429: { name: 'Throttled', title: 'Too many requests' },
  500: { name: 'Internal', title: 'The service has a defect' },
  503: { name: 'Unavailable', title: 'Something that is needed is down' },
} as const

export type ProblemStatus = keyof typeof PROBLEMS

/** `urn:problem-type:not-found` of 404. */
export const problemType = (status: ProblemStatus): string =>
  `urn:problem-type:${PROBLEMS[status].name.replace(/\B[A-Z]/g, '-$&').toLowerCase()}`
