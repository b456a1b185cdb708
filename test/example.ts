/** A whole configuration, as a firm writes it. */
export const example = `{
  "timezone": "America/New_York", "country": "US",
  "connection": "21fd90f9-5935-43cd-b6c8-bde9d915ca80",   // left out: the only ACTIVE one
  "pace": { "requests": 50, "seconds": 60 },
  "endpoints": {
    "website":  { "source": "form", "origins": ["https://smith.example"], "redirect": "https://smith.example/thanks" },
    "calendly": { "source": "calendly", "secret": "$CALENDLY_SIGNING_KEY" },
    "slack":    { "source": "slack", "secret": "$SLACK_SIGNING_SECRET", "token": "$SLACK_BOT_TOKEN" },
    "partner":  { "source": "standard-webhooks", "secret": ["$PARTNER_SECRET", "$PARTNER_SECRET_OLD"] },
  },
  "rules": [
    {
      "name": "new-client",
      "on": { "endpoint": ["website"], "type": "form.submitted" },   // each a string or a list
      "if": "fields.matter_type != 'Other'",
      "steps": {
        "client": {
          "upsert": "contacts", "match": ["email_addresses", "phone_numbers"], "existing": "fill", "several": "park",
          "with": {
            "type": "Person", "first_name": "{{ person.first_name }}", "last_name": "{{ person.last_name }}",
            "email_addresses": [{ "name": "Work", "address": "{{ person.email }}", "default_email": true }],
            "phone_numbers": [{ "name": "Mobile", "number": "{{ person.phone }}" }]
          }
        },
        "conflicts": { "check_conflicts": ["{{ fields.opposing_party }}"] },
        "stop": { "if": "steps.conflicts.found", "park": "Possible conflict of interest" },
        "matter": {
          "create": "matters",
          "with": {
            "client": "{{ steps.client }}", "status": "pending", "description": "{{ fields.matter_type }}: {{ person.last_name }}",
            "practice_area": "{{ fields.matter_type }}", "custom_fields": { "Referral source": "{{ fields.referral }}" }
          }
        },
        "papers": { "each": "files", "create": "documents", "with": { "name": "{{ item.name }}", "parent": "{{ steps.matter }}", "content": "{{ item }}" } },
        "call": {
          "create": "tasks",
          "with": {
            "name": "Call {{ person.first_name }} {{ person.last_name }}", "description": "{{ message }}", "priority": "High",
            "assignee": "intake@smith.example", "matter": "{{ steps.matter }}", "due_at": "{{ date('+1 business day') }}"
          }
        },
        "tell": { "notify": "intake", "text": "New client: {{ person.last_name }}" }
      }
    },
    {
      "name": "booked", "on": { "endpoint": "calendly", "type": "booking.created" },
      "steps": { "meeting": { "create": "calendar_entries", "link": "meeting", "with": { "summary": "{{ booking.title }}", "start_at": "{{ booking.start }}", "end_at": "{{ booking.end }}", "calendar_owner": "sam@smith.example" } } }
    },
    {
      "name": "called-off", "on": { "endpoint": "calendly", "type": "booking.canceled" },
      "steps": { "meeting": { "delete": "calendar_entries", "id": "{{ links.meeting }}" } }
    }
  ]
}`
