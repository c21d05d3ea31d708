import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { buildDocument } from '../openapi/document.ts'
import { getDocsFile, getDocument, showDocs, showRoot } from '../openapi/documentation.ts'
import type { Operation } from '../openapi/operation.ts'
import { missing } from '../src/errors.ts'
import { DOCS_POLICY } from './headers.ts'
import { type Route, route } from './route.ts'

/** The document of `operations` and its own, and a page that shows it from files on disk. */
export function documentationRoutes(version: string, operations: readonly Operation[]): Route[] {
  const own = [getDocument, showDocs, getDocsFile, showRoot]
  const document = buildDocument({ ...INFO, version }, [...operations, ...own])
  const files = docsFiles()
  return [
    route(getDocument).to(async () => ({ status: 200, body: { ...document } })),
    route(showDocs).to(async () => ({ status: 200, headers: PAGE_HEADERS, raw: PAGE })),
    route(getDocsFile).to(async ({ params }) => {
      const file = files.get(params.file)
      if (file === undefined) throw missing('There is no such file.')
      return { status: 200, headers: { 'Content-Type': file.type }, raw: file.bytes }
    }),
    route(showRoot).to(async () => ({ status: 302, headers: { Location: '/docs' }, raw: '' })),
  ]
}

const INFO = {
  title: 'ibkr-pivot-engine',
  description:
    'Collects 1-second bars from Interactive Brokers and serves them and the candles made from them. ' +
    'Instants are ISO 8601 in UTC, ranges are half-open, problems are RFC 9457, and unknown fields and parameters are refused.',
}

interface DocsFile {
  readonly type: string
  readonly bytes: Uint8Array<ArrayBuffer> | string
}

/** What the page may load: nothing else of the folder can be asked for. Read once. */
function docsFiles(): ReadonlyMap<string, DocsFile> {
  const { resolve } = createRequire(import.meta.url)
  const read = (name: string) => new Uint8Array(readFileSync(resolve(`swagger-ui-dist/${name}`)))
  return new Map<string, DocsFile>([
    ['swagger-ui.css', { type: 'text/css; charset=utf-8', bytes: read('swagger-ui.css') }],
    ['swagger-ui-bundle.js', { type: SCRIPT, bytes: read('swagger-ui-bundle.js') }],
    ['favicon.png', { type: 'image/png', bytes: read('favicon-32x32.png') }],
    ['start.js', { type: SCRIPT, bytes: START }],
  ])
}

const SCRIPT = 'text/javascript; charset=utf-8'

const PAGE_HEADERS = { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': DOCS_POLICY }

const PAGE = `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>ibkr-pivot-engine · API</title>
  <link rel="icon" href="/docs/favicon.png">
  <link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
  <div id="page"></div>
  <script src="/docs/swagger-ui-bundle.js"></script>
  <script src="/docs/start.js"></script>
</body>
</html>
`

/** Without \`validatorUrl: null\` the page would send the document to a validator on the internet. */
const START = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#page',
  validatorUrl: null,
  tryItOutEnabled: true,
  defaultModelsExpandDepth: 0,
})
`
