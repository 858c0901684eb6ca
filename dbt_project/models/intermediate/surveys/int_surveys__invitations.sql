{{ config(materialized='view') }}
{#- Invitations with what came of them and what was known of the customer when they were sent. -#}
with invitations as (
    select
        source_id as invitation_id,
        customer_key,
        occurred_at as sent_at,
        channel,
        touchpoint
    from {{ ref('int_timeline__surveys') }}
    where event_type = 'survey_invited' and occurred_at < {{ as_of_timestamp() }}
),

settings as (
    select
        cast({{ threshold('surveys', 'answer_days') }} as bigint) as answer_days,
        cast({{ threshold('surveys', 'nonresponse_history_days') }} as bigint) as history_days,
        (select max(window_days) from {{ ref('metric_windows') }}) as longest_window
),

versions as (
    select * from {{ ref('dim_customers') }}
),

recent as {{ materialized() }} (
    select
        invitations.*,
        {{ days_between('invitations.sent_at', as_of_date()) }} - settings.answer_days as days_ago,
        {{ timestamp_add_days('invitations.sent_at', 'settings.answer_days') }} as answer_until,
        {{ timestamp_add_days('invitations.sent_at', '-settings.history_days') }} as history_from
    from invitations
    cross join settings
    where {{ days_between('invitations.sent_at', as_of_date()) }} <= settings.longest_window + settings.answer_days
),

answers as (
    select
        recent.invitation_id,
        min(responses.responded_at) as responded_at,
        {{ value_at_min('responses.csat', event_order('responses.responded_at', 'responses.response_id')) }} as csat,
        {{ value_at_min('responses.nps', event_order('responses.responded_at', 'responses.response_id')) }} as nps
    from recent
    inner join {{ ref('fct_survey_responses') }} as responses
        on recent.invitation_id = responses.invitation_id
        and recent.answer_until >= responses.responded_at
    group by recent.invitation_id
),

tickets as (
    select
        recent.invitation_id,
        count(*) as ticket_count
    from recent
    inner join {{ ref('fct_tickets') }} as history
        on recent.customer_key = history.customer_key
        and recent.sent_at > history.opened_at
        and recent.history_from <= history.opened_at
    group by recent.invitation_id
),

orders as (
    select
        recent.invitation_id,
        sum(history.gross_cents) as spend_cents
    from recent
    inner join {{ ref('fct_orders') }} as history
        on recent.customer_key = history.customer_key
        and recent.sent_at > history.ordered_at
        and recent.history_from <= history.ordered_at
    group by recent.invitation_id
),

final as (
    select
        recent.invitation_id,
        recent.customer_key,
        recent.sent_at,
        recent.days_ago,
        recent.channel,
        recent.touchpoint,
        versions.segment,
        answers.responded_at,
        answers.responded_at is not null as is_answered,
        answers.csat,
        answers.nps,
        case when recent.customer_key is not null then cast(coalesce(tickets.ticket_count, 0) as double) end as ticket_count,
        case when recent.customer_key is not null then coalesce(orders.spend_cents, 0) end as spend_cents
    from recent
    left join answers on recent.invitation_id = answers.invitation_id
    left join tickets on recent.invitation_id = tickets.invitation_id
    left join orders on recent.invitation_id = orders.invitation_id
    left join versions
        on recent.customer_key = versions.customer_key
        and {{ is_valid_at('recent.sent_at') }}
)

select * from final
