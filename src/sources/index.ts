import type { Source } from '../model/source.ts'
import { acuity } from './calendars/acuity.ts'
import { calcom } from './calendars/calcom.ts'
import { calendly } from './calendars/calendly.ts'
import { googleCalendar } from './calendars/google-calendar.ts'
import { microsoftGraph } from './calendars/microsoft-graph.ts'
import { schedule } from './calendars/schedule.ts'
import { dialpad } from './calls/dialpad.ts'
import { ringcentral } from './calls/ringcentral.ts'
import { twilio } from './calls/twilio.ts'
import { whatsapp } from './calls/whatsapp.ts'
import { zoom } from './calls/zoom.ts'
import { contactForm7 } from './form-services/contact-form-7.ts'
import { elementor } from './form-services/elementor.ts'
import { formspree } from './form-services/formspree.ts'
import { formstack } from './form-services/formstack.ts'
import { googleForms } from './form-services/google-forms.ts'
import { gravityForms } from './form-services/gravity-forms.ts'
import { hubspot } from './form-services/hubspot.ts'
import { jotform } from './form-services/jotform.ts'
import { netlify } from './form-services/netlify.ts'
import { tally } from './form-services/tally.ts'
import { typeform } from './form-services/typeform.ts'
import { webflow } from './form-services/webflow.ts'
import { clioGrow } from './leads/clio-grow.ts'
import { metaLeadAds } from './leads/meta-lead-ads.ts'
import { email } from './mail/email.ts'
import { form } from './own-form/form.ts'
import { dropboxSign } from './signing/dropbox-sign.ts'
import { slack } from './slack.ts'
import { clio } from './webhooks/clio.ts'
import { standardWebhooks } from './webhooks/standard-webhooks.ts'
import { vendors } from './webhooks/vendors.ts'
import { webhook } from './webhooks/webhook.ts'

const all: readonly Source<unknown>[] = [
  form,
  email,
  // Forms that others host or make.
  contactForm7,
  elementor,
  formspree,
  formstack,
  googleForms,
  gravityForms,
  hubspot,
  jotform,
  netlify,
  tally,
  typeform,
  webflow,
  // Bookings.
  acuity,
  calcom,
  calendly,
  googleCalendar,
  microsoftGraph,
  // Calls, messages, leads, signatures.
  clioGrow,
  dialpad,
  dropboxSign,
  metaLeadAds,
  ringcentral,
  twilio,
  whatsapp,
  zoom,
  ...vendors,
  slack,
  // Clio itself.
  clio,
  // The clock.
  schedule,
  // Anything else.
  standardWebhooks,
  webhook,
]

/** Every source by its name in the configuration. Adding one is its file and its line here. */
export const sources: ReadonlyMap<string, Source<unknown>> = new Map(all.map(source => [source.name, source]))
