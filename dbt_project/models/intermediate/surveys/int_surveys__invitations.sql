{{ config(materialized='view') }}
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

recent_invitations as {{ materialized() }} (
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
        recent_invitations.invitation_id,
        min(responses.responded_at) as responded_at,
        {{ value_at_min('responses.csat', event_order('responses.responded_at', 'responses.response_id')) }} as csat,
        {{ value_at_min('responses.nps', event_order('responses.responded_at', 'responses.response_id')) }} as nps
    from recent_invitations
    inner join {{ ref('fct_survey_responses') }} as responses
        on recent_invitations.invitation_id = responses.invitation_id
        and recent_invitations.answer_until >= responses.responded_at
    group by recent_invitations.invitation_id
),

tickets as (
    select
        recent_invitations.invitation_id,
        count(*) as ticket_count
    from recent_invitations
    inner join {{ ref('fct_tickets') }} as history
        on recent_invitations.customer_key = history.customer_key
        and recent_invitations.sent_at > history.opened_at
        and recent_invitations.history_from <= history.opened_at
    group by recent_invitations.invitation_id
),

orders as (
    select
        recent_invitations.invitation_id,
        sum(history.gross_cents) as spend_cents
    from recent_invitations
    inner join {{ ref('fct_orders') }} as history
        on recent_invitations.customer_key = history.customer_key
        and recent_invitations.sent_at > history.ordered_at
        and recent_invitations.history_from <= history.ordered_at
    group by recent_invitations.invitation_id
),

final as (
    select
        recent_invitations.invitation_id,
        recent_invitations.customer_key,
        recent_invitations.sent_at,
        recent_invitations.days_ago,
        recent_invitations.channel,
        recent_invitations.touchpoint,
        versions.segment,
        answers.responded_at,
        answers.responded_at is not null as is_answered,
        answers.csat,
        answers.nps,
        case when recent_invitations.customer_key is not null then cast(coalesce(tickets.ticket_count, 0) as double) end as ticket_count,
        case when recent_invitations.customer_key is not null then coalesce(orders.spend_cents, 0) end as spend_cents
    from recent_invitations
    left join answers on recent_invitations.invitation_id = answers.invitation_id
    left join tickets on recent_invitations.invitation_id = tickets.invitation_id
    left join orders on recent_invitations.invitation_id = orders.invitation_id
    left join versions
        on recent_invitations.customer_key = versions.customer_key
        and {{ is_valid_at('recent_invitations.sent_at') }}
)

select * from final
