{{ config(materialized='incremental', unique_key=['invitation_id']) }}
with landed as (
    select *
    from {{ landed('survey', 'invitations') }} as landed
    {{ with_existing_versions('survey', 'invitations', ['invitation_id']) }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by invitation_id
            order by _as_of desc, _load_id desc, _row_number desc
        ) as recency_rank
    from landed
),

final as (
    select
        invitation_id,
        customer_id,
        email,
        sent_at,
        survey_type,
        channel,
        touchpoint,
        attributes,
        _load_id,
        _row_number,
        _as_of
    from ranked
    where recency_rank = 1
)

select * from final
