{{ config(materialized='view') }}
with responses as (
    select * from {{ ref('fct_survey_responses') }}
),

invitations as (
    select
        invitations.*,
        coalesce(by_id.customer_key, by_email.customer_key) as customer_key
    from {{ ref('stg_survey__invitations') }} as invitations
    {{ left_join_identifier('by_id', 'customer_id', 'invitations.customer_id') }}
    {{ left_join_identifier('by_email', 'email', normal_email('invitations.email'), at='invitations.sent_at') }}
),

invited as (
    select
        customer_key,
        sent_at as occurred_at,
        'survey_invited' as event_type,
        'survey' as source,
        invitation_id as source_id,
        channel,
        touchpoint,
        'company' as actor,
        cast(null as string) as text,
        cast(null as double) as duration_seconds,
        cast(null as double) as promised_wait_seconds,
        cast(null as double) as actual_wait_seconds,
        cast(null as double) as amount_cents,
        cast(null as double) as score
    from invitations
),

answered as (
    select
        customer_key,
        responded_at as occurred_at,
        'survey_answered' as event_type,
        'survey' as source,
        response_id as source_id,
        channel,
        touchpoint,
        'customer' as actor,
        comment as text,
        cast(null as double) as duration_seconds,
        cast(null as double) as promised_wait_seconds,
        cast(null as double) as actual_wait_seconds,
        cast(null as double) as amount_cents,
        cast(coalesce(csat, nps, ces) as double) as score
    from responses
),

final as (
    select * from invited
    union all
    select * from answered
)

select * from final
