import type { Source } from '../source.ts'
import { acuity } from './acuity.ts'
import { calcom } from './calcom.ts'
import { calendly } from './calendly.ts'
import { clio } from './clio.ts'
import { contactForm7 } from './contact-form-7.ts'
import { dropboxSign } from './dropbox-sign.ts'
import { elementor } from './elementor.ts'
import { form } from './form.ts'
import { formspree } from './formspree.ts'
import { formstack } from './formstack.ts'
import { googleCalendar } from './google-calendar.ts'
import { googleForms } from './google-forms.ts'
import { gravityForms } from './gravity-forms.ts'
import { hubspot } from './hubspot.ts'
import { jotform } from './jotform.ts'
import { metaLeadAds } from './meta-lead-ads.ts'
import { microsoftGraph } from './microsoft-graph.ts'
import { netlify } from './netlify.ts'
import { ringcentral } from './ringcentral.ts'
import { schedule } from './schedule.ts'
import { slack } from './slack.ts'
import { standardWebhooks } from './standard-webhooks.ts'
import { tally } from './tally.ts'
import { twilio } from './twilio.ts'
import { typeform } from './typeform.ts'
import { vendors } from './vendors.ts'
import { webflow } from './webflow.ts'
import { webhook } from './webhook.ts'

const all: readonly Source<unknown>[] = [
  form,
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
  dropboxSign,
  metaLeadAds,
  ringcentral,
  twilio,
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
