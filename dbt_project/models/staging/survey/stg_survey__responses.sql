{{ config(materialized='incremental', unique_key=['response_id']) }}
with landed as (
    select *
    from {{ landed('survey', 'responses') }} as landed
    {{ with_existing_versions('survey', 'responses', ['response_id']) }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by response_id
            order by recorded_at desc nulls last, _as_of desc, _load_id desc, _row_number desc
        ) as recency_rank
    from landed
),

final as (
    select
        response_id,
        invitation_id,
        customer_id,
        email,
        responded_at,
        survey_type,
        nps,
        csat,
        ces,
        comment,
        language,
        channel,
        touchpoint,
        product,
        employee_id,
        order_id,
        ticket_id,
        recorded_at,
        attributes,
        _load_id,
        _row_number,
        _as_of
    from ranked
    where recency_rank = 1
)

select * from final
