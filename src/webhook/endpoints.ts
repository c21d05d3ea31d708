import { conflict, invalid, missing } from '../errors.ts'
import { type Clock, DAY_MS, plus } from '../market/time.ts'
import type { Stores } from '../ports/stores.ts'
import type {
  EndpointPatch,
  EndpointRequest,
  WebhookDelivery,
  WebhookEndpoint,
  Webhooks,
  WithSecret,
} from '../ports/webhooks.ts'
import type { Allowed } from './address.ts'
import { enqueue } from './deliver.ts'
import { SECRET_BYTES, secretText } from './signature.ts'
import { destination, type Resolve, readTarget } from './target.ts'
import type { Vault } from './vault.ts'

export interface EndpointsDeps {
  readonly stores: Stores
  readonly vault: Vault
  readonly resolve: Resolve
  readonly allowed: Allowed
  readonly randomBytes: (count: number) => Uint8Array
  readonly market: Clock
  readonly machine: Clock
}

const MOST_ENDPOINTS = 100
/** How long the secret before the newest one signs as well. */
const ROTATION_MS = DAY_MS

/** Who is told what happens. Several processes may change it; whoever delivers reads it anew for every delivery. */
export class Endpoints implements Webhooks {
  readonly #deps: EndpointsDeps

  constructor(deps: EndpointsDeps) {
    this.#deps = deps
  }

  async create(request: EndpointRequest): Promise<WithSecret> {
    const { stores, vault, machine, randomBytes } = this.#deps
    await this.#check(request.url)
    if ((await stores.webhooks.list({ limit: MOST_ENDPOINTS })).length >= MOST_ENDPOINTS) {
      throw conflict(`there are ${MOST_ENDPOINTS} webhooks, and no more may be`)
    }
    const id = this.#newId('whk')
    const secret = randomBytes(SECRET_BYTES)
    const sealed = { id, secret: vault.seal(id, secret), createdAt: machine.now() }
    return { endpoint: await stores.webhooks.create({ ...request, ...sealed }), secret: secretText(secret) }
  }

  async find(id: string): Promise<WebhookEndpoint> {
    return (await this.#deps.stores.webhooks.find(id)) ?? unknown('webhook', id)
  }

  async change(id: string, { state, skip, ...changes }: EndpointPatch): Promise<WebhookEndpoint> {
    if (changes.url !== undefined) await this.#check(changes.url)
    return this.#deps.stores.transaction(async (tx) => {
      const before = (await tx.webhooks.change(id, changes)) ?? unknown('webhook', id)
      if (skip !== undefined) await passOver(tx, id, skip)
      if (state === 'disabled') await tx.webhooks.disable(id, 'it was disabled by request')
      if (state === 'enabled' && before.state !== 'enabled') await tx.webhooks.enable(id)
      await enqueue(tx, id)
      return (await tx.webhooks.find(id))!
    })
  }

  async remove(id: string): Promise<void> {
    if (!(await this.#deps.stores.webhooks.remove(id))) unknown('webhook', id)
  }

  async rotate(id: string): Promise<WithSecret> {
    const { stores, vault, machine, randomBytes } = this.#deps
    await this.find(id)
    const secret = randomBytes(SECRET_BYTES)
    await stores.webhooks.rotate(id, vault.seal(id, secret), plus(machine.now(), ROTATION_MS))
    return { endpoint: await this.find(id), secret: secretText(secret) }
  }

  async test(id: string): Promise<WebhookDelivery> {
    const { stores, market, machine } = this.#deps
    await this.find(id)
    const event = { id: this.#newId('evt'), type: 'webhook.test', time: market.now() } as const
    return stores.transaction(async (tx) => {
      const made = await tx.webhooks.test(id, event, machine.now())
      await enqueue(tx, id)
      return made
    })
  }

  redeliver(id: string): Promise<WebhookDelivery> {
    return this.#deps.stores.transaction(async (tx) => {
      const delivery = (await tx.webhooks.delivery(id)) ?? unknown('delivery', id)
      if (delivery.status === 'pending') await mustBeNext(tx, delivery)
      await tx.webhooks.ask(id)
      await enqueue(tx, delivery.endpointId)
      return (await tx.webhooks.delivery(id))!
    })
  }

  async #check(text: string): Promise<void> {
    const { allowed, resolve } = this.#deps
    const url = readTarget(text, allowed)
    const leads = url.ok ? await destination(url.value, allowed, resolve) : url
    if (leads.ok) return
    throw invalid('The webhook cannot be sent there.', { issues: [{ path: '/url', message: leads.reason }] })
  }

  #newId(kind: string): string {
    return `${kind}_${Buffer.from(this.#deps.randomBytes(16)).toString('hex')}`
  }
}

function unknown(what: string, id: string): never {
  throw missing(`There is no ${what} ${id}.`)
}

async function passOver({ webhooks }: Stores, endpointId: string, id: string): Promise<void> {
  const delivery = await webhooks.delivery(id)
  const isOurs = delivery?.endpointId === endpointId
  if (isOurs && (await webhooks.skip(id))) return
  throw conflict('only the oldest delivery that is pending can be skipped, and this is not it')
}

/** Out of its turn it would arrive before an older one. */
async function mustBeNext(
  { webhooks }: Stores,
  { endpointId, id, sequence }: WebhookDelivery,
): Promise<void> {
  if (sequence === null) return
  const endpoint = (await webhooks.find(endpointId))!
  if (endpoint.state !== 'enabled') {
    throw conflict(`the webhook is ${endpoint.state}: enable it, and this is sent in its turn`)
  }
  if ((await webhooks.oldest(endpointId)) !== id)
    throw conflict('an older delivery is pending, and goes first')
}
