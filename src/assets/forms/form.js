// What a browser with a script gets besides: one click sends once, files show how far they are, a failure can be tried again with the
// same one-time id.
;(() => {
  // Of the form itself nothing is asked: its fields are its properties, and one may be called `action`.
  var form = document.forms[0],
    button = document.querySelector('button'),
    bar = document.querySelector('progress')
  var said = button.dataset,
    status = document.querySelector('.status'),
    busy = false
  function ready() {
    busy = false
    button.disabled = false
    status.textContent = ''
    bar.hidden = true
  }
  function size() {
    if (parent !== window)
      parent.postMessage({ docketed: document.documentElement.scrollHeight, title: document.title }, '*')
  }
  addEventListener('pageshow', ready)
  addEventListener('resize', size)
  addEventListener('load', size)
  addEventListener('submit', event => {
    if (busy) return event.preventDefault()
    busy = true
    button.disabled = true
    status.textContent = said.sending
    if (!document.querySelector('input[type=file]')) return
    event.preventDefault()
    var request = new XMLHttpRequest()
    request.open('POST', said.door)
    request.setRequestHeader('accept', 'application/json')
    request.upload.onprogress = moved => {
      if (moved.lengthComputable) {
        bar.hidden = false
        bar.value = moved.loaded / moved.total
      }
    }
    function failed(words) {
      ready()
      status.textContent = words || said.failed
      button.focus()
    }
    request.onerror = () => {
      failed()
    }
    request.onload = () => {
      if (request.status < 300) return location.assign(said.thanks)
      var words = ''
      try {
        words = JSON.parse(request.responseText).detail
      } catch {}
      failed(words)
    }
    request.send(new FormData(form))
  })
})()
